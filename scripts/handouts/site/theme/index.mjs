// The theme of the book site: VitePress's, with KaTeX's style sheet and styles for notebooks.

/// <reference types="vitepress/client" />
import DefaultTheme from "vitepress/theme";
import "katex/dist/katex.min.css";
import "./site.css";

export default { extends: DefaultTheme };
