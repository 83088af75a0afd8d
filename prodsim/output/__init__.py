"""What people look at or take with them: figures, tables, reports, pictures, and how healthy a catalog is."""
