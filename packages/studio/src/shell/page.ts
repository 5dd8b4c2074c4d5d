// A page of the studio is a value: its address, its name, where the navigation lists it, and how its
// code is loaded. The router and the navigation walk the values of each face.

import type { FluentIcon } from "@fluentui/react-icons";
import type { ComponentType } from "react";

export interface Page {
  /** Below /studio, in the router's syntax: `/synapse/$workspace/manage/linked-services`. */
  readonly path: string;
  readonly title: string;
  /** Absent for pages that are reached from others only. */
  readonly navigation?: {
    readonly icon: FluentIcon;
    /** Heading under which the entry stands, in the order of first appearance. */
    readonly group?: string;
  };
  /** The module of the page, loaded when it is opened; it exports `Page`. */
  load(): Promise<{ Page: ComponentType }>;
}

/** One of the studios that share the shell. */
export interface Face {
  readonly name: string;
  /** Addresses of the face begin with it. */
  readonly root: string;
  readonly pages: readonly Page[];
}

export function definePage(page: Page): Page {
  return page;
}
