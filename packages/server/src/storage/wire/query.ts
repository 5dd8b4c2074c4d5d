// Queries that do not come with the request itself: of copy sources, of parts, of signatures.

/** Names in lower case, as the listener gives those of requests. */
export function lowerCaseNames(query: URLSearchParams): URLSearchParams {
  const result = new URLSearchParams();
  for (const [name, value] of query) result.append(name.toLowerCase(), value);
  return result;
}
