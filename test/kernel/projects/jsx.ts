/**
 * Projects about JSX, configured in tsconfig.json and by comments.
 */
import { type Project, packageOf, strict } from "./project";

/** A package that renders elements as text, similar to Preact. */
const tiny = {
  "node_modules/tiny/package.json": {
    name: "tiny",
    type: "module",
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./jsx-runtime": {
        types: "./jsx-runtime.d.ts",
        default: "./jsx-runtime.js",
      },
      "./jsx-dev-runtime": {
        types: "./jsx-runtime.d.ts",
        default: "./jsx-runtime.js",
      },
    },
  },
  "node_modules/tiny/index.js":
    'const render = (v) => Array.isArray(v) ? v.map(render).join("") : v == null ? "" : typeof v === "object" ? v.html : String(v);\nexport const h = (type, props, ...children) => {\n  if (typeof type === "function") return type({ ...props, children });\n  const attributes = Object.entries(props ?? {}).map(([k, v]) => ` ${k}="${v}"`).join("");\n  return { html: type === "" ? render(children) : `<${type}${attributes}>${render(children)}</${type}>` };\n};\nexport const Fragment = "";\nexport { render };\n',
  "node_modules/tiny/index.d.ts":
    'export interface Element { html: string }\nexport declare function h(type: unknown, props: object | null, ...children: unknown[]): Element;\nexport declare const Fragment: (props: { children?: unknown }) => Element;\nexport declare function render(value: unknown): string;\nexport declare namespace h { namespace JSX { type Element = import("./index.js").Element; interface IntrinsicElements { [name: string]: { [attribute: string]: unknown } } interface ElementChildrenAttribute { children: {} } } }\n',
  "node_modules/tiny/jsx-runtime.js":
    'import { h, Fragment } from "./index.js";\nexport const jsx = (type, { children, ...props }) => h(type, props, ...(children === undefined ? [] : [children].flat()));\nexport const jsxs = jsx;\nexport const jsxDEV = jsx;\nexport { Fragment };\n',
  "node_modules/tiny/jsx-runtime.d.ts":
    'import { type Element, Fragment } from "./index.js";\nexport declare function jsx(type: unknown, props: object): Element;\nexport declare const jsxs: typeof jsx;\nexport declare const jsxDEV: typeof jsx;\nexport { Fragment };\nexport declare namespace JSX { type Element = import("./index.js").Element; interface IntrinsicElements { [name: string]: { [attribute: string]: unknown } } interface ElementChildrenAttribute { children: {} } }\n',
};

const automatic: readonly Project[] = [
  {
    name: "JSX: automatic, with a runtime of the project's",
    files: {
      ...tiny,
      ...strict("nodenext", { jsx: "react-jsx", jsxImportSource: "tiny" }),
      ...packageOf("module"),
      "view.tsx":
        'export const Title = (props: { text: string; children?: unknown }) => <h1 id="t">{props.text}{props.children}</h1>;\n',
    },
    entry: "tsx",
    cells: [
      'import { render } from "tiny";\nimport { Title } from "./view.js";',
      'render(<p class="a">hi <Title text="T"><i>x</i></Title></p>)',
    ],
  },
];

const classic: readonly Project[] = [
  {
    name: "JSX: a factory h of the project's",
    files: {
      ...tiny,
      ...strict("nodenext", {
        jsx: "react",
        jsxFactory: "h",
        jsxFragmentFactory: "Fragment",
      }),
      ...packageOf("module"),
      "view.tsx":
        'import { Fragment, h } from "tiny";\nexport const Pair = (props: { a: string; b: string }) => <><b>{props.a}</b><i>{props.b}</i></>;\n',
    },
    entry: "tsx",
    cells: [
      'import { Fragment, h, render } from "tiny";\nimport { Pair } from "./view.js";',
      'render(<p class="a"><Pair a="1" b="2" /><>{[3, 4]}</></p>)',
    ],
  },
];

const comments: readonly Project[] = [
  {
    name: "JSX: comments of a helper and of the cells",
    files: {
      ...tiny,
      ...strict("nodenext", { jsx: "react-jsx", jsxImportSource: "nowhere" }),
      ...packageOf("module"),
      "view.tsx":
        '/** @jsxRuntime classic */\n/** @jsx h */\n/** @jsxFrag Fragment */\nimport { Fragment, h } from "tiny";\nexport const Pair = () => <><b>1</b>{2}</>;\n',
      "other.tsx":
        '/** @jsxImportSource tiny */\nexport const other = <u title="t">{[1, 2]}</u>;\n',
    },
    entry: "tsx",
    cells: [
      '/** @jsxImportSource tiny */\nimport { render } from "tiny";\nimport { Pair } from "./view.js";\nimport { other } from "./other.js";\nrender(<p>{other}<Pair /></p>)',
    ],
  },
  {
    name: "JSX: React.createElement of a CommonJS package",
    files: {
      ...strict("esnext", { moduleResolution: "bundler", jsx: "react" }),
      "node_modules/react/package.json": {
        name: "react",
        main: "index.js",
        types: "index.d.ts",
      },
      "node_modules/react/index.js":
        'exports.createElement = (type, props, ...children) => ({ type: typeof type === "function" ? type.name : type, ...props, children });\nexports.Fragment = "fragment";\n',
      "node_modules/react/index.d.ts":
        "export = React;\ndeclare namespace React { function createElement(type: unknown, props: object | null, ...children: unknown[]): { type: string }; const Fragment: (props: { children?: unknown }) => { type: string }; }\ndeclare global { namespace JSX { type Element = { type: string }; interface ElementChildrenAttribute { children: {} } interface IntrinsicElements { [name: string]: { [attribute: string]: unknown } } } }\n",
      "view.tsx":
        'import React from "react";\nexport const view = <a href="x">{1}</a>;\nexport function View(_: { n: number; children?: unknown }) { return view; }\n',
    },
    entry: "tsx",
    runner: "esbuild",
    cells: [
      'import * as React from "react";\nimport { View, view } from "./view";\n[view, <View n={1}>text</View>, <></>]',
    ],
  },
  {
    name: "JSX: automatic with a CommonJS runtime, in a CommonJS project",
    files: {
      ...strict("commonjs", {
        moduleResolution: "node10",
        esModuleInterop: true,
        jsx: "react-jsxdev",
        jsxImportSource: "old",
      }),
      "node_modules/old/package.json": { name: "old" },
      "node_modules/old/jsx-dev-runtime.js":
        "exports.jsxDEV = (type, props) => ({ type, props });\nexports.Fragment = 'f';\n",
      "node_modules/old/jsx-dev-runtime.d.ts":
        "export declare namespace JSX { type Element = { type: string }; interface IntrinsicElements { [name: string]: { [attribute: string]: unknown } } }\nexport declare const Fragment: string;\nexport declare function jsxDEV(type: unknown, props: object): JSX.Element;\n",
      "view.tsx": 'export const view = <i a="b" />;\n',
    },
    entry: "tsx",
    cells: [
      'import { view } from "./view";\n[view, <b c={1} {...{ d: 2 }} />]',
    ],
  },
];

/** All projects of this file. */
export const jsx: readonly Project[] = [...automatic, ...classic, ...comments];
