/** A real nginx before a page: its own folder, its own ports, gone with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canConnect, freePort } from './mosquitto.ts';
import { until } from './until.ts';

/** Lines inside `location { }`, after `proxy_pass`. */
export const NGINX_WAYS = {
  /** As people write it first. */
  plain: [],
  /** nginx.org, "WebSocket proxying". */
  websocket: [
    'proxy_http_version 1.1;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
  ],
  /** The usual: the name without its port. */
  host: [
    'proxy_http_version 1.1;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
    'proxy_set_header Host $host;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
  ],
  /** Who calls is told in another header than the one that counts. */
  realIp: [
    'proxy_http_version 1.1;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
    'proxy_set_header Host $http_host;',
    'proxy_set_header X-Real-IP $remote_addr;',
  ],
} as const;

export type NginxWay = keyof typeof NGINX_WAYS;

export interface NginxSite {
  readonly way: NginxWay;
  /** `/`, or a path such as `/rhythmd/`. */
  readonly path?: string;
  /** Passes the path on as it is, instead of taking it off. */
  readonly keepsPath?: boolean;
}

export class Nginx {
  readonly #folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  #child: ChildProcess | null = null;
  #output = '';

  /** Serves each site on a port of its own before the page at `target`. @returns their addresses */
  async start(target: number, sites: readonly NginxSite[]): Promise<string[]> {
    const ports: number[] = [];
    for (const _ of sites) ports.push(await freePort());
    const servers = sites.map(({ way, path = '/', keepsPath = false }, place) => {
      const pass = `proxy_pass http://127.0.0.1:${target}${keepsPath || path === '/' ? '' : '/'};`;
      const lines = [pass, ...NGINX_WAYS[way]].join(' ');
      return `server { listen 127.0.0.1:${ports[place]}; location ${path} { ${lines} } }`;
    });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => {
      mkdirSync(join(this.#folder, name));
      return `${name}_temp_path ${join(this.#folder, name)};`;
    });
    const configuration = [
      `pid ${join(this.#folder, 'pid')}; error_log stderr; daemon off; worker_processes 1; user root;`,
      'events { worker_connections 256; }',
      'http { access_log off;',
      ...temporary,
      "map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
      ...servers,
      '}',
    ];
    const file = join(this.#folder, 'nginx.conf');
    writeFileSync(file, `${configuration.join('\n')}\n`);
    const child = spawn('nginx', ['-e', 'stderr', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (text) => {
      this.#output = (this.#output + String(text)).slice(-4000);
    });
    this.#child = child;
    for (const port of ports) {
      await until(
        () => canConnect(port),
        () => `nginx listens: ${this.#output}`,
      );
    }
    return ports.map((port, place) => `http://127.0.0.1:${port}${sites[place]?.path ?? '/'}`);
  }

  async remove(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
