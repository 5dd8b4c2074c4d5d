// Whether a request came from this machine.

/** `address` is the socket's: IPv4, IPv6, or IPv4 as IPv6 writes it. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\./.test(address) || address === "::1";
}
