"""Stand-ins for dialers, one file each, as strict as the vendor."""
