/** axe-core over a page as it stands: what somebody with a screen reader, keys alone or weak eyes would stumble over. */
import axe from 'axe-core';
import type { Tab } from './tab.ts';

const SERIOUS: ReadonlySet<string> = new Set(['serious', 'critical']);

/**
 * @param part a selector: all of the page, or a dialog that covers the rest
 * @returns a line for each serious or critical finding: the rule, and the elements it is about
 */
export async function seriousFindings(page: Pick<Tab, 'evaluate'>, part = 'html'): Promise<string[]> {
  // By the debugger, which the page's policy against inline scripts does not stop.
  await page.evaluate(`void (window.axe || (() => { ${axe.source} })())`);
  const { violations } = (await page.evaluate(
    `axe.run(${JSON.stringify(part)}, { resultTypes: ['violations'] })`,
  )) as axe.AxeResults;
  return violations
    .filter(({ impact }) => SERIOUS.has(impact ?? ''))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} (${(failureSummary ?? '').split('\n')[1]?.trim()})`).join(' | ')}`,
    );
}
