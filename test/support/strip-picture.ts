/**
 * What a strip shows of its trace, put together as the browser does: one canvas, or a row of them that is moved. An expression
 * for the page; its value is an ImageData of device pixels, transparent where there is no ink.
 */
export const STRIP_PICTURE = `(() => {
  const strip = document.querySelector('.strip');
  const ratio = devicePixelRatio;
  const origin = strip.getBoundingClientRect();
  const placed = (box) => [(box.left - origin.left) * ratio, (box.top - origin.top) * ratio];
  const picture = document.createElement('canvas');
  picture.width = Math.round(origin.width * ratio);
  picture.height = Math.round(origin.height * ratio);
  const context = picture.getContext('2d', { willReadFrequently: true });
  for (const canvas of strip.querySelectorAll('canvas.trace')) {
    if (canvas.width === 0 || !canvas.checkVisibility()) continue;
    const seen = (canvas.closest('.scroll-window') ?? strip).getBoundingClientRect();
    context.save();
    context.beginPath();
    context.rect(...placed(seen), seen.width * ratio, seen.height * ratio);
    context.clip();
    context.drawImage(canvas, ...placed(canvas.getBoundingClientRect()).map(Math.round));
    context.restore();
  }
  return context.getImageData(0, 0, picture.width, picture.height);
})()`;

/** Middle of the ink in a column of the trace, in CSS pixels; null when there is none. Below the beat marks. */
export const INK = `(() => {
  const { data, width, height } = ${STRIP_PICTURE};
  return (column) => {
    let sum = 0, weight = 0;
    for (let y = 44; y < height - 20; y++) {
      const alpha = data[4 * (y * width + column) + 3];
      if (alpha < 100) continue;
      sum += (y + 0.5) * alpha;
      weight += alpha;
    }
    return weight === 0 ? null : sum / weight;
  };
})()`;
