// What a browser may do with the studio's page. Nothing comes from or goes to anywhere but our own
// origin; the libraries that make styles at run time know the page's nonce.

const features = ["camera", "geolocation", "microphone", "payment", "serial", "usb"] as const;

/** Headers of the page whose styles carry `nonce`. */
export function pageHeaders(nonce: string): Record<string, string> {
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
    "permissions-policy": features.map((feature) => `${feature}=()`).join(", "),
  };
}

/** Headers of every answer of the plane; the page says more about itself. */
export const planeHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
};
