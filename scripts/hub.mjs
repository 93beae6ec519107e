// `npm run hub`: starts JupyterHub for a class on this machine, with the kernel and the course for
// each student.
// Arguments after `--` are passed to JupyterHub. Ctrl-C ends it with its proxy and all servers.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setup } from "./setup.mjs";
import { hubEnvironment } from "./class/environment.mjs";
import {
  configuration,
  courseFolder,
  hubFolder,
  hubPython,
} from "./class/place.mjs";
import { closedPart, requireReadable } from "./class/readable.mjs";
import { run } from "../src/engine/setup/command.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import { giveUp, performAll } from "../src/engine/setup/steps.mjs";
import { whyStale } from "../src/engine/setup/step.mjs";
import { alone } from "./setup/alone.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { inProject, projectVariables, root } from "./setup/project.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";

/** How long JupyterHub may take to end the students' servers, in milliseconds. */
const graceMilliseconds = 60_000;

const help = `npm run hub -- [--install] [JUPYTERHUB OPTIONS]

Starts JupyterHub for a class on this machine, at http://127.0.0.1:8000. As root, each student gets a server of their
own, with the kernel and a copy of the course; as another account, only that account can log in.

  --install      only installs what the hub needs, in .venv-hub
  --config FILE  a configuration instead of scripts/class/jupyterhub_config.py, which it should load first

All other options are JupyterHub's, for example --ip 0.0.0.0 --port 443. See docs/teaching.md.`;

const parameters = process.argv.slice(2);
if (parameters.some((each) => each === "--help" || each === "-h"))
  acceptOnlyHelp(help, ["--help"]);
const onlyInstall = parameters.includes("--install");
const rest = parameters.filter((each) => each !== "--install");
const hasConfiguration = rest.some((each) => /^(-f|--config)(=|$)/.test(each));

await setup({ quiet: true });
try {
  requireReadable(root, "the checkout");
  requireReadable(fs.realpathSync(process.execPath), "Node.js");
  await alone(install);
  warnOfSolutions();
} catch (error) {
  giveUp(error);
}
try {
  if (!onlyInstall) process.exitCode = await interruptible(start);
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}

/** @param {AbortSignal} interruption */
async function install(interruption) {
  if (whyStale(hubEnvironment) !== undefined)
    await performAll([hubEnvironment], interruption);
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  load("./class/course.ts").writeCourse(inProject("notebooks"), courseFolder);
}

/** Says how to hide the labs' solutions if students can read them. */
function warnOfSolutions() {
  if (process.getuid?.() !== 0) return;
  const open = [".git", path.join("notebooks", "labs")]
    .filter((name) => fs.existsSync(inProject(name)))
    .filter((name) => closedPart(inProject(name)) === undefined);
  if (open.length > 0)
    console.log(
      `Students can read the labs' solutions. To hide them: chmod -R o-rwx ${open.join(" ")}`,
    );
}

/**
 * @param {AbortSignal} interruption
 * @returns {Promise<number>} JupyterHub's exit code.
 */
async function start(interruption) {
  const { code } = await run(
    hubPython,
    [
      ...["-m", "jupyterhub"],
      ...(hasConfiguration ? [] : ["--config", configuration]),
      ...rest,
    ],
    {
      interruption,
      inherit: true,
      grace: graceMilliseconds,
      variables: projectVariables({
        VIRTUAL_ENV: hubFolder,
        PATH: [
          path.join(hubFolder, "bin"),
          path.dirname(process.execPath),
          process.env.PATH,
        ].join(path.delimiter),
      }),
    },
  );
  return code;
}
