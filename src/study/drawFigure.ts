// Draws a Vega-Lite figure as SVG, and as PNG with the font that comes with the program.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** @param fonts folder with the program's fonts.conf, so that pictures do not depend on the system's fonts */
export async function drawPng(svg: string, fonts: string): Promise<Buffer> {
  const config = path.join(fonts, 'fonts.conf');
  // Read by fontconfig when the first text is drawn.
  if (existsSync(config)) process.env.FONTCONFIG_FILE ??= config;
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 192 }).png().toBuffer();
}
