"""Nature and climate together: bundle of ecosystem services, hot and cold spots, joint corridors, trade-offs.

Imports: core and kernels; quantities of strands come by name.
Start reading at ecosystem_services.py.
"""
