"""One module per subject, each with a `router`, found by name; imports every room but application."""
