"""What goes wrong with records on a server, in words; no password is among them."""

from prodsim.errors import StorageError
from prodsim.extras import optional_packages
from prodsim.phrases import phrase

ADDRESS = "postgresql://user@host:5432/database"


def misunderstood() -> StorageError:
    """Return the error of an address that is none."""
    return StorageError(
        phrase("The address of the records cannot be understood."),
        phrase("Write it as {address} in PRODSIM_RECORDS, and the password in PGPASSWORD.", address=ADDRESS),
    )


def damaged(place: str, reason: str) -> StorageError:
    """Return the error of tables that are not as they were made."""
    return StorageError(
        phrase("The records on {place} are damaged: {reason}.", place=place, reason=reason),
        phrase("Put back what was removed or changed there, from a backup of the database. Nothing was changed."),
    )


def too_new(place: str, form: str) -> StorageError:
    """Return the error of tables of a form that this version does not know."""
    return StorageError(
        phrase(
            "The records on {place} were written by a newer version of prodsim (form {form}).", place=place, form=form
        ),
        phrase("Update prodsim. Nothing was changed there."),
    )


def explain(error: Exception, place: str) -> StorageError:
    """Return what an error of SQLAlchemy means."""
    with optional_packages():
        from psycopg import errors
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.exc import TimeoutError as NoConnection
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = " ".join(str(cause).split())
    match cause:
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.QueryCanceled() | NoConnection():
            return StorageError(
                phrase("The records on {place} are being written by others.", place=place),
                phrase("Try again in a moment. Nothing is lost."),
            )
        case errors.UndefinedTable() | errors.UndefinedColumn() | errors.DuplicateTable() | errors.DatatypeMismatch():
            return damaged(place, reason)
        case errors.InsufficientPrivilege():
            return StorageError(
                phrase("{place} does not allow what the records need: {reason}.", place=place, reason=reason),
                phrase("The user in PRODSIM_RECORDS must be able to make schemas in this database."),
            )
        case errors.OperationalError() if cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P")):
            return StorageError(
                phrase("The server of the records does not answer ({place}): {reason}.", place=place, reason=reason),
                phrase(
                    "Start it, or check the address in PRODSIM_RECORDS and the password in PGPASSWORD. What was being "
                    "saved is saved as a whole or not at all."
                ),
            )
    return StorageError(
        phrase("{place} cannot keep or read the records: {reason}.", place=place, reason=reason),
        phrase("Ask whoever runs the database. What was being saved is not saved, and nothing else is lost."),
    )
