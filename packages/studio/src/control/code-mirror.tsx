// CodeMirror 6 as a React component; only code-editor.tsx imports it, on demand.

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { MSSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tokens } from "@fluentui/react-components";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { styleNonce, useTheme } from "../shell/theme.tsx";

export interface CodeEditorProps {
  readonly label: string;
  readonly language: "sql" | "json";
  readonly value: string;
  readonly isReadOnly?: boolean;
  /** CSS height. */
  readonly height?: string;
  onChange?(value: string): void;
  /** Ctrl+Enter or F5: the selected text, or all of it. */
  onRun?(text: string): void;
  /** The editor's selected text after each change of it. */
  onSelect?(text: string): void;
}

/** Colours with a contrast of 4.5 and more on the editor's background. */
function highlight(colours: {
  keyword: string;
  text: string;
  number: string;
  comment: string;
  name: string;
  type: string;
}): HighlightStyle {
  return HighlightStyle.define([
    { tag: [tags.keyword, tags.bool, tags.null], color: colours.keyword },
    { tag: [tags.string, tags.special(tags.string)], color: colours.text },
    { tag: tags.number, color: colours.number },
    { tag: tags.comment, color: colours.comment },
    { tag: [tags.propertyName, tags.variableName], color: colours.name },
    { tag: tags.typeName, color: colours.type },
  ]);
}

const lightHighlight = highlight({
  keyword: "#0000ff",
  text: "#a31515",
  number: "#096d49",
  comment: "#00700b",
  name: "#001080",
  type: "#1a6a80",
});
const darkHighlight = highlight({
  keyword: "#6cb0ea",
  text: "#d69d85",
  number: "#b5cea8",
  comment: "#7cb668",
  name: "#9cdcfe",
  type: "#4ec9b0",
});

/** Text of the selection, all text when nothing is selected. */
function runnable(view: EditorView): string {
  const { from, to } = view.state.selection.main;
  return from === to ? view.state.doc.toString() : view.state.sliceDoc(from, to);
}

// biome-ignore lint/style/noDefaultExport: React's lazy reads the default export.
export default function CodeMirror(props: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { name: theme } = useTheme();
  const { label, language, isReadOnly = false, height = "300px", value } = props;

  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          runKeys(latest),
          appearance({ label, height, isDark: theme === "dark" }),
          language === "sql" ? sql({ dialect: MSSQL, upperCaseKeywords: true }) : json(),
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
            if (update.selectionSet) {
              const { from, to } = update.state.selection.main;
              latest.current.onSelect?.(update.state.sliceDoc(from, to));
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, language, isReadOnly, height, theme]);

  useEffect(() => {
    const editor = view.current;
    const text = editor?.state.doc.toString();
    if (!editor || text === value) return;
    editor.dispatch({ changes: { from: 0, to: text?.length ?? 0, insert: value } });
  }, [value]);

  return <div ref={place} />;
}

function runKeys(latest: { readonly current: CodeEditorProps }): Extension {
  const run = (view: EditorView) => {
    if (!latest.current.onRun) return false;
    latest.current.onRun(runnable(view));
    return true;
  };
  return keymap.of([
    { key: "Mod-Enter", run },
    { key: "F5", run, preventDefault: true },
  ]);
}

function appearance({
  label,
  height,
  isDark,
}: {
  label: string;
  height: string;
  isDark: boolean;
}): Extension {
  return [
    EditorView.cspNonce.of(styleNonce),
    lineNumbers(),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    syntaxHighlighting(isDark ? darkHighlight : lightHighlight),
    // Read-only text is reached by keyboard, too: it may have to be scrolled.
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    // Tab indents; Escape then Tab leaves, as CodeMirror documents for keyboard users.
    keymap.of([
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.theme(
      {
        "&": { height, border: `1px solid ${tokens.colorNeutralStroke1}`, fontSize: "13px" },
        ".cm-scroller": { overflow: "auto", fontFamily: tokens.fontFamilyMonospace },
        ".cm-gutters": {
          background: tokens.colorNeutralBackground2,
          color: tokens.colorNeutralForeground3,
          border: "none",
        },
        ".cm-activeLine": { background: tokens.colorSubtleBackgroundHover },
        ".cm-content": { caretColor: tokens.colorNeutralForeground1 },
      },
      { dark: isDark },
    ),
  ];
}
