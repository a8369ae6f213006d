"""The parts of scripts/cluster/ray."""
