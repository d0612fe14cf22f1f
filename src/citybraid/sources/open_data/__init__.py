"""Open data by study area: fetched from its servers or a mirror, recorded with licence and attribution.

Only `citybraid fetch` comes here. What it fetches becomes files of the study, which the
readers then take in as they take in any user's file.
"""
