"""The app, its headers, errors and server; imports every room."""
