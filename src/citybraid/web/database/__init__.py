"""Tables, migrations and sessions of the workspace's database; imports base."""
