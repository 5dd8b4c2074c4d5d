// The little XML that the blob endpoint speaks: answers are written as text, bodies of a few known
// shapes are read into elements. No entities but the five, no DTD, bounded depth.

import { refuse } from "../error-catalogue.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

export function escapeXml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (match) => escapes[match] ?? match) : text;
}

/** `<name>text</name>`; nothing when there is nothing to say. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? "" : `<${name}>${escapeXml(String(text))}</${name}>`;
}

export const xmlHeader = '<?xml version="1.0" encoding="utf-8"?>';

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const token =
  /<(\/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>|<\?[^>]*\?>|<!--[\s\S]*?-->|([^<]+)/y;
const depthMax = 16;

/** Reads a document; rejects with InvalidXmlDocument. */
export function parseXml(source: string): XmlElement {
  const root: OpenElement = { name: "", children: [], text: "" };
  const open: OpenElement[] = [root];
  const input = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  token.lastIndex = 0;
  while (token.lastIndex < input.length) {
    const match = token.exec(input);
    if (!match || open.length > depthMax) throw refuse.InvalidXmlDocument({});
    const [, slash, name, , isEmpty, text] = match;
    const current = open.at(-1) as OpenElement;
    if (text !== undefined) {
      current.text += readEntities(text);
    } else if (name !== undefined && slash === "/") {
      if (open.length === 1 || current.name !== name) throw refuse.InvalidXmlDocument({});
      open.pop();
    } else if (name !== undefined) {
      const child: OpenElement = { name, children: [], text: "" };
      current.children.push(child);
      if (isEmpty === "") open.push(child);
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || !document || root.children.length !== 1)
    throw refuse.InvalidXmlDocument({});
  return document;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

function readEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (_whole, hex, decimal, name) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      const found = Object.entries(escapes).find(([, written]) => written === `&${name};`);
      if (!found) throw refuse.InvalidXmlDocument({});
      return found[0];
    },
  );
}
