// The pages that a person sees: plain HTML forms, no script needed, a content security policy that
// allows the one style and the form's targets only.

import { createHash } from "node:crypto";
import type { Answer } from "../../http/route.ts";

/** HTML that is safe to send: made by `html` only. */
export interface Html {
  readonly html: string;
}

type Piece = Html | string | undefined | readonly Html[];

/** Builds HTML; texts put in are escaped. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const texts = parts.map((part, index) => `${part}${pieceText(pieces[index])}`);
  return { html: texts.join("") };
}

function pieceText(piece: Piece): string {
  if (piece === undefined) return "";
  if (typeof piece === "string") return escapeHtml(piece);
  if ("html" in piece) return piece.html;
  return piece.map(({ html: text }) => text).join("");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] as string);
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f3f2f1;color:#1b1a19}
main{background:#fff;padding:2rem;border-radius:8px;box-shadow:0 2px 12px #0002}
main{width:min(24rem,90vw);box-sizing:border-box}
h1{font-size:1.35rem;margin:0 0 1rem}label{display:block;margin:.75rem 0 .25rem}
input{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}
input{border:1px solid #8a8886;border-radius:4px}
button{margin-top:1rem;padding:.5rem 1.25rem;font:inherit;border:0;border-radius:4px}
button{background:#0f6cbd;color:#fff;cursor:pointer}
button.quiet{background:none;color:#0f6cbd;padding:.5rem 0;margin-right:1rem}
button.account{width:100%;text-align:left;background:#f3f2f1;color:inherit}
button.account{border:1px solid #8a8886}
[role=alert]{color:#b10e1c;margin:0 0 1rem}small{color:#605e5c}
:focus-visible{outline:2px solid #0f6cbd;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#1b1a19;color:#f3f2f1}main{background:#292827}
button.account{background:#323130}button.quiet{color:#479ef5}
[role=alert]{color:#ff99a4}small{color:#c8c6c4}}`;

const submitScript = "document.forms[0].submit()";

const styleHash = hashOf(style);
const scriptHash = hashOf(submitScript);

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * Answers a page. `formTargets`: where its forms may end up beside our own origin (browsers check
 * the redirects that follow a form, too). `submits`: the page sends its form by itself.
 */
export function renderPage(page: {
  title: string;
  content: Html;
  status?: number;
  cookie?: string | undefined;
  formTargets?: readonly string[];
  submits?: boolean;
}): Answer {
  const { title, content, status = 200, cookie, formTargets = [], submits } = page;
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    ...(submits ? [`script-src ${scriptHash}`] : []),
    `form-action 'self' ${formTargets.join(" ")}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} - Callosum</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${content.html}
</main>${submits ? `<script>${submitScript}</script>` : ""}</body></html>
`;
  return {
    status,
    body,
    headers: {
      ...pageHeaders,
      "content-security-policy": policy,
      ...setCookie(cookie),
    },
  };
}

/** For pages and for the redirects between them. */
const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  pragma: "no-cache",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
};

/** Answers a redirect of a browser, which then GETs the address. */
export function redirect(location: string, cookie?: string): Answer {
  return {
    status: 302,
    headers: {
      location,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      ...setCookie(cookie),
    },
  };
}

function setCookie(cookie: string | undefined): Record<string, string> {
  return cookie === undefined ? {} : { "set-cookie": cookie };
}
