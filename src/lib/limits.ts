// Limits that the core enforces, so that a field can validate them before a request.

/** Maximum number of connections per download. */
export const maxConnections = 16;
