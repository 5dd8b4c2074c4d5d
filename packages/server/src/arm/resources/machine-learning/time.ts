// Times as this provider writes them: seven decimals and an offset (protocols.md 1.2).

export function offsetTime(date: Date): string {
  return date.toISOString().replace("Z", "0000+00:00");
}
