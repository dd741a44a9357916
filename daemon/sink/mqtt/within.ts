/** Waits for `start` to call back, but no longer than `limitMs`. @returns whether it did */
export function within(limitMs: number, start: (done: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    start(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
