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

const style = `:root{color-scheme:light dark;font:16px/1.5 "Segoe UI",system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;color:#242424}
body{background:linear-gradient(135deg,#e3eefa,#f5f5f5 45%,#efe9fb)}
main{background:#fff;padding:2.5rem;border-radius:8px;box-shadow:0 8px 32px #0003}
main{width:min(27rem,92vw);box-sizing:border-box}
.product{display:flex;align-items:center;gap:.5rem;margin:0 0 1.25rem;font-weight:600}
.product svg{width:1.75rem;height:1.75rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .25rem}p{margin:0 0 1rem}
label{display:block;margin:1rem 0 .25rem}
input{width:100%;box-sizing:border-box;padding:.5rem .75rem;font:inherit;color:inherit}
input{border:1px solid #707070;border-radius:4px;background:#fff}
button{margin:1.5rem .5rem 0 0;padding:.5rem 1.5rem;font:inherit;border:0;border-radius:4px}
button{background:#0f6cbd;color:#fff;cursor:pointer}button:hover{background:#115ea3}
button.quiet,button.quiet:hover{background:none;color:#115ea3;padding:.5rem}
button.account{width:100%;text-align:left;background:#f5f5f5;color:inherit}
button.account{border:1px solid #707070}button.account:hover{background:#ebebeb}
[role=alert]{color:#b10e1c;background:#fdf3f4;border:1px solid #eeacb2;border-radius:4px}
[role=alert]{padding:.5rem .75rem}small{color:#616161}[role=alert] small{color:inherit}
:focus-visible{outline:2px solid #0f6cbd;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:linear-gradient(135deg,#0c2238,#1f1f1f 45%,#241a38)}
body{color:#f5f5f5}main{background:#292929}input{background:#1f1f1f;border-color:#8a8a8a}
button.account{background:#333}button.account:hover{background:#3d3d3d}
button.quiet,button.quiet:hover{color:#62abf5}small{color:#c7c7c7}
:focus-visible{outline-color:#62abf5}
[role=alert]{color:#fb9da5;background:#3b0509;border-color:#96252e}}`;

/** The studio's mark, drawn in the page: its policy loads no pictures. */
const mark = html`<p class="product"><svg viewBox="0 0 32 32" aria-hidden="true">
<path d="M11 4a9 12 0 1 0 0 24z" fill="#0f6cbd"/><path d="M21 4a9 12 0 1 1 0 24z" fill="#6e45c2"/>
<path d="M11 12h10M11 16h10M11 20h10" stroke="#5c7bd0" stroke-width="1.5"/></svg>Callosum</p>`;

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
<body><main>${mark.html}<h1>${escapeHtml(title)}</h1>
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
