/**
 * Debian packages: `rhythmd`, for every processor that Debian has Node for, and `rhythmd-onnxruntime` with the native modules
 * of one. Built by dpkg-deb alone, so that any machine with dpkg makes the same bytes of the same checkout.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VERSION } from '../version.ts';
import { nativeModules } from './native-modules.ts';
import { built, copyProgram, deployed, inStaging, run, writeText } from './staging.ts';

const MAINTAINER = 'rhythmd <rhythmd@localhost>';
const PLACE = 'usr/lib/rhythmd';
const DESCRIPTION = `ECG edge daemon: beats, alerts and a live page
 Turns the bytes of an ECG board on a serial port into classified beats and
 alerts on MQTT, recordings as WFDB files, and a page in the browser. Networks
 in 8-bit integers run by its own executor, on any processor that Node runs on.
 .
 It is not a medical device.`;
const RUNTIME_DESCRIPTION = `onnxruntime and serialport for rhythmd
 The native modules that rhythmd uses where they are installed: onnxruntime for
 models in floats and for speed, serialport for locks on serial ports.`;

/** What Debian itself takes; for a try one that is done in seconds. */
const COMPRESSION = process.env.RHYTHMD_DEB_COMPRESSION || 'xz';

/** Days are no part of a version: the same checkout gives the same file. */
const EPOCH_S = '1735689600';

/** @returns the path of the package */
export function packDebian(): string {
  return inStaging((folder) => {
    const place = join(folder, PLACE);
    copyProgram(place);
    rmSync(join(place, 'LICENSE'));
    writeText(join(place, 'rhythmd.js'), ofDebian(readFileSync(join(place, 'rhythmd.js'), 'utf8')), 0o755);
    writeText(join(place, 'package.json'), `${JSON.stringify({ name: 'rhythmd', version: VERSION })}\n`);
    mkdirSync(join(folder, 'usr/bin'), { recursive: true });
    symlinkSync('../lib/rhythmd/rhythmd.js', join(folder, 'usr/bin/rhythmd'));
    writeText(
      join(folder, 'etc/rhythmd/config.toml'),
      readFileSync(join(place, 'config/default.toml'), 'utf8'),
    );
    writeText(join(folder, 'usr/lib/systemd/system/rhythmd.service'), unit());
    writeText(join(folder, 'usr/lib/udev/rules.d/60-rhythmd.rules'), deployed('udev/60-rhythmd.rules'));
    compressed(join(folder, 'usr/share/man/man1/rhythmd.1.gz'), deployed('debian/rhythmd.1'));
    writeDocuments(folder, 'rhythmd');
    for (const name of ['postinst', 'prerm', 'postrm'])
      writeText(join(folder, 'DEBIAN', name), deployed(`debian/${name}`), 0o755);
    writeText(join(folder, 'DEBIAN/conffiles'), '/etc/rhythmd/config.toml\n');
    writeControl(folder, {
      Package: 'rhythmd',
      Architecture: 'all',
      Depends: 'nodejs (>= 18.20)',
      Recommends: 'udev',
      Suggests: `rhythmd-onnxruntime (= ${VERSION}), mosquitto-clients`,
      Description: DESCRIPTION,
    });
    return finished(folder, `rhythmd_${VERSION}_all.deb`);
  });
}

/** @param architecture as Debian calls it */
export function packRuntime(architecture: 'arm64' | 'amd64'): string {
  return inStaging((folder) => {
    const modules = join(folder, PLACE, 'node_modules');
    for (const { name, from, keep } of nativeModules(architecture)) {
      cpSync(from, join(modules, name), { recursive: true, filter: keep, dereference: true });
    }
    writeDocuments(folder, 'rhythmd-onnxruntime');
    writeControl(folder, {
      Package: 'rhythmd-onnxruntime',
      Architecture: architecture,
      Depends: `rhythmd (= ${VERSION}), libc6 (>= 2.28), libstdc++6, libgcc-s1`,
      Description: RUNTIME_DESCRIPTION,
    });
    return finished(folder, `rhythmd-onnxruntime_${VERSION}_${architecture}.deb`);
  });
}

/** Debian's own Node, not one that a user's path leads to; and the service's state, where somebody starts it by hand. */
function ofDebian(launcher: string): string {
  const state = "process.env.STATE_DIRECTORY = process.env.STATE_DIRECTORY || '/var/lib/rhythmd';";
  return launcher.replace('#!/usr/bin/env node\n', `#!/usr/bin/node\n${state}\n`);
}

function unit(): string {
  return deployed('systemd/rhythmd.service')
    .replace(/^# .*\n(?:#.*\n)*/, '')
    .replaceAll('/opt/rhythmd', `/${PLACE}`);
}

function writeDocuments(folder: string, name: string): void {
  const documents = join(folder, 'usr/share/doc', name);
  const licence = readFileSync(join(built, 'LICENSE'), 'utf8').split('\n').slice(4);
  const text = licence
    .map((line) => ` ${line === '' ? '.' : line}`)
    .join('\n')
    .trimEnd();
  writeText(
    join(documents, 'copyright'),
    `${deployed('debian/copyright')}\nLicense: Expat\n${text.replace(/( \.\n?)+$/, '')}\n`,
  );
  const entry = `${name} (${VERSION}) unstable; urgency=medium\n\n  * As CHANGELOG.md of the sources says.\n\n -- ${MAINTAINER}  Wed, 01 Jan 2025 00:00:00 +0000\n`;
  compressed(join(documents, 'changelog.gz'), entry);
  writeText(join(folder, 'usr/share/lintian/overrides', name), deployed(`debian/${name}.lintian-overrides`));
}

function writeControl(folder: string, fields: Readonly<Record<string, string>>): void {
  const size = Math.ceil(bytesBelow(folder) / 1024);
  const common = {
    Version: VERSION,
    Maintainer: MAINTAINER,
    'Installed-Size': String(size),
    Section: 'science',
    Priority: 'optional',
  };
  const { Description = '', ...rest } = fields;
  const lines = Object.entries({ ...rest, ...common, Description }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  writeText(join(folder, 'DEBIAN/control'), `${lines.join('\n')}\n`);
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
  }
  return bytes;
}

function compressed(path: string, text: string): void {
  writeText(path, '');
  // Without a time and a name, the same text gives the same bytes.
  writeFileSync(path, gzipSync(text, { level: 9 }));
}

function finished(folder: string, name: string): string {
  readable(folder);
  const path = join(built, name);
  process.env.SOURCE_DATE_EPOCH = EPOCH_S;
  run('dpkg-deb', ['--root-owner-group', `-Z${COMPRESSION}`, '--build', folder, path], 'dpkg-dev');
  return path;
}

/** Whatever the checkout's permissions are: everybody reads, only root writes. */
function readable(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    if (entry.isDirectory()) readable(path);
    chmodSync(path, isProgram ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}
