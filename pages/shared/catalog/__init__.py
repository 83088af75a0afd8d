"""The Catalog page: a file, its columns, the build, what a catalog holds."""
