// What snapshots call things in a data directory, and the signal that asks for a copy.

/** Opens the directory's secrets. */
export const keyName = "instance.key";
export const requestName = "snapshot-request.json";
/** There as long as the process answers requests: the signal would end one that does not. */
export const readyName = "snapshot-ready";
export const signalName = "SIGUSR2";
