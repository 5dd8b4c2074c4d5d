// Addresses of the portal's pages about a scope; they end with its id: `/resource/tags/subscriptions/…`.

import { useParams } from "@tanstack/react-router";

export type Section =
  | "overview"
  | "activity-log"
  | "access-control"
  | "add-role-assignment"
  | "tags"
  | "properties"
  | "networking"
  | "json"
  | "children";

export function scopePath(section: Section, id: string): string {
  return `/resource/${section}${id.split("/").map(encodeURIComponent).join("/")}`;
}

/** The id that the address ends with. */
export function useScope(): string {
  const { _splat = "" } = useParams({ strict: false }) as { _splat?: string };
  return `/${_splat}`.replace(/\/+$/, "");
}
