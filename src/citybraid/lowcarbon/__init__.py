"""Low-carbon strand: energy, emissions, photovoltaics, transport and sinks."""
