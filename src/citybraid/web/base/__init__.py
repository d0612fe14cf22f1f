"""Settings of a server and the folders of a workspace; imports only core."""
