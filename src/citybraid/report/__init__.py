"""Run to report: chapters, maps, sheets, documents."""
