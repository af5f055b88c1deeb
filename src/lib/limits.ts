// Bounds that the core keeps, so that a field can say so before it is asked.

/** Connections of one download. */
export const maxConnections = 16;
