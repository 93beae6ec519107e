/** Cells with classes. */
import {
  notebook,
  nothing,
  throws,
  type Topic,
  tslab,
  wrong,
} from "./notebook";
import { SLOPPY } from "./reasons";

export const classes: Topic = {
  title: "Classes",
  notebooks: [
    notebook(
      "of an earlier cell",
      ["class A { b = 4 }", nothing],
      ["new A()", "A { b: 4 }"],
      ["A", "[class A]"],
      ["A.name", "'A'"],
    ),
    notebook(
      "private, readonly and static members",
      [
        "class C { #x = 1; static count = 0; readonly y = 2; get x() { return this.#x; } set x(v) { this.#x = v; } static has(o: object) { return #x in o; } private z = 3 }",
        nothing,
      ],
      [
        "const c = new C(); c.x = 7; [c.x, C.has(c), C.has({})]",
        "[ 7, true, false ]",
      ],
      ["c.y = 3", wrong("2540 1:3")],
      ["c.z", wrong("2341 1:3")],
      [
        "c.#x",
        wrong("18013 1:3"),
        tslab(
          wrong("2339 1:3"),
          "tslab checks a cell against a declaration of the class, in which a private name is written differently.",
        ),
      ],
      ["C.count++; C.count", "1"],
    ),
    notebook(
      "with a superclass of an earlier cell",
      ["class A { a = 1; hello() { return 'A'; } }", nothing],
      [
        "class B extends A { b = this.a + 1; override hello() { return super.hello() + 'B'; } }",
        nothing,
      ],
      [
        "const b = new B(); [b.b, b.hello(), b instanceof A]",
        "[ 2, 'AB', true ]",
      ],
      [
        "class D extends A { hello(n: number) { return 'D' + n; } }",
        wrong("2416 1:21"),
      ],
    ),
    notebook(
      "that refers to itself in its definition",
      ["class A { static one = new A(); make() { return new A(); } }", nothing],
      ["A.one.make() instanceof A", "true"],
    ),
    notebook(
      "a method after its class is redeclared",
      ["class A { n = 1; other() { return new A().n; } }", nothing],
      ["const old = new A();", nothing],
      ["class A { n = 2; other() { return new A().n; } }", nothing],
      ["[old.other(), new A().other()]", "[ 1, 2 ]"],
    ),
    notebook(
      "static blocks and accessors",
      [
        "class A { static table: number[]; static { this.table = [1, 2]; } accessor size = 3; }",
        nothing,
      ],
      ["A.table", "[ 1, 2 ]"],
      ["new A().size", "3"],
    ),
    notebook(
      "parameter properties",
      [
        "class P { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y; } }",
        nothing,
      ],
      ["new P(1).sum()", "3"],
      ["new P(1)", "P { x: 1, y: 2 }"],
    ),
    notebook(
      "abstract classes and implements",
      [
        "interface Area { area(): number } abstract class Shape implements Area { abstract area(): number; twice() { return 2 * this.area(); } }",
        nothing,
      ],
      ["new Shape()", wrong("2511 1:1")],
      [
        "class Square extends Shape { area() { return 4; } } new Square().twice()",
        "8",
      ],
      ["class Round extends Shape {}", wrong("2515 1:7")],
      ["class Bad implements Area {}", wrong("2420 1:7")],
    ),
    notebook(
      "generic classes and class expressions",
      ["class Box<T> { constructor(readonly value: T) {} }", nothing],
      ["new Box<Box<number>>(new Box(3)).value.value", "3"],
      [
        "const Pair = class<A, B> { constructor(public a: A, public b: B) {} };",
        nothing,
      ],
      ["new Pair(1, 'x').b", "'x'"],
      ["(class Named {}).name", "'Named'"],
    ),
    notebook(
      "fields that are only declared",
      ["class A { declare x: number; y?: string; z!: boolean }", nothing],
      ["new A()", "A { y: undefined, z: undefined }"],
      ["class U { u: number }", wrong("2564 1:11")],
    ),
    notebook(
      "mixins",
      [
        "type Constructor = new (...args: any[]) => object; function Tagged<B extends Constructor>(Base: B) { return class extends Base { tag = 't'; }; }",
        nothing,
      ],
      ["class A {} const T = Tagged(A); new T().tag", "'t'"],
    ),
    notebook(
      "getters, setters and computed names",
      ["const n = 2, key = 'k';", nothing],
      [
        "({ get n() { return n; }, m() { return n; }, [key + 1]: 3 })",
        "{ n: [Getter], m: [Function: m], k1: 3 }",
      ],
      [
        "class K { [key]() { return n; } static [Symbol.hasInstance](_: unknown) { return true; } }",
        nothing,
      ],
      ["({} instanceof K)", "true"],
      [
        "const frozen = Object.freeze({ a: 1 }) as { a: number }; frozen.a = 2",
        throws("TypeError"),
        tslab("2", SLOPPY),
      ],
    ),
    notebook(
      "decorators",
      [
        "const seen: string[] = []; function note(_target: object, name: string) { seen.push(name); }",
        nothing,
      ],
      ["class D { @note a = 1; @note b() {} }", nothing],
      ["seen", "[ 'a', 'b' ]"],
      ["function sealed(c: Function) { Object.seal(c); }", nothing],
      ["@sealed class S { static x = 1 }", nothing],
      ["Object.isSealed(S)", "true"],
      [
        "const times = (n: number) => (_t: object, _k: string, d: PropertyDescriptor) => { const f = d.value; d.value = () => n * f(); };",
        nothing,
      ],
      ["class M { @times(3) two() { return 2; } } new M().two()", "6"],
    ),
  ],
};
