"""What is taken away or looked at: figures, tables, reports, pictures, and how healthy a catalog is."""
