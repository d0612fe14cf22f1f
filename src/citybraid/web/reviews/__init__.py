"""Comments and their resolution; imports studies and below."""
