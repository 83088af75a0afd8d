"""Which encoders of pictures there are, and how to open one by name."""

from prodsim.encoders import colour_grid, lite0
from prodsim.encoders.picture_protocol import PictureEncoder, PictureEncoderSpec
from prodsim.encoders.transformer import find_folder
from prodsim.encoders.vision import open_vision
from prodsim.errors import EncoderError, did_you_mean
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, joined, phrase
from prodsim.settings import Settings

PICTURE_ENCODERS: tuple[PictureEncoderSpec, ...] = (lite0.LITE0, colour_grid.COLOUR_GRID)

NO_ENCODER = "none"
"""What ``build --picture-encoder`` takes to leave pictures out."""


def usual_picture_encoder() -> str:
    """Return the name of the picture encoder that is installed; ``NO_ENCODER`` where none knows shapes."""
    return lite0.LITE0.name if lite0.is_available() else NO_ENCODER


def open_picture_encoder(name: str, settings: Settings) -> PictureEncoder:
    """Open a picture encoder by its name in ``PICTURE_ENCODERS``, or a model of pictures by name or folder.

    Args:
        name: what is not in ``PICTURE_ENCODERS`` is looked up as a folder, then in the local hub cache, then, if
            ``settings.allow_download``, on the hub.
        settings: device, and whether a download is allowed.

    Raises:
        EncoderError: there is none of that name, its files were changed, or the model reads no pictures.
        MissingPackage: it is not installed.
    """
    if name == lite0.LITE0.name:
        return lite0.open_lite0(settings)
    if name == colour_grid.COLOUR_GRID.name:
        return colour_grid.ColourGridEncoder()
    folder = find_folder(name, settings)
    if folder is not None:
        return open_vision(name, folder, settings)
    known = [spec.name for spec in PICTURE_ENCODERS]
    fixes = (
        did_you_mean(name, known),
        phrase("Use {known}, or a CLIP, SigLIP or DINO model by name or folder.", known=joined(known)),
    )
    raise EncoderError(
        phrase("There is no picture encoder “{name}”.", name=name),
        joined(filter(None, fixes), SENTENCE_AFTER_SENTENCE),
    )
