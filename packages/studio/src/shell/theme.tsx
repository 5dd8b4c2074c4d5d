// Light and dark, as the person chose or the system says; Fluent's provider around everything.

import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from "@fluentui/react-components";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

type ThemeName = "light" | "dark";

const storageKey = "callosum.theme";
/** The page's one-time number: the Content-Security-Policy takes styles only with it. */
export const styleNonce =
  document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.nonce ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce: styleNonce } });

const ThemeContext = createContext<{ name: ThemeName; toggle(): void }>({
  name: "light",
  toggle() {},
});

export function useTheme() {
  return useContext(ThemeContext);
}

export function Theme({ children }: { children: ReactNode }) {
  const [name, setName] = useState<ThemeName>(readTheme);
  const theme = useMemo(
    () => ({
      name,
      toggle() {
        const next = name === "light" ? "dark" : "light";
        localStorage.setItem(storageKey, next);
        setName(next);
      },
    }),
    [name],
  );
  return (
    <ThemeContext value={theme}>
      <RendererProvider renderer={renderer} targetDocument={document}>
        <FluentProvider
          theme={name === "dark" ? webDarkTheme : webLightTheme}
          style={{ height: "100%" }}
        >
          {children}
        </FluentProvider>
      </RendererProvider>
    </ThemeContext>
  );
}

function readTheme(): ThemeName {
  const chosen = localStorage.getItem(storageKey);
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
