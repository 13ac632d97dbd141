"""Pages of the filing room: one module an audience and subject. They name their parts and decide nothing."""
