"""The app that Flower runs on the server and beside every catalog."""
