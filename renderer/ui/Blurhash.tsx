import { decode } from 'blurhash';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import styles from './Picture.module.css';

const WIDTH = 16;
const HEIGHT = 12;
const KEPT = 600;
const decoded = new Map<string, ImageData>();

/** A hint of the picture, painted before it is there. */
export function Blurhash({ hash }: { readonly hash: string }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const picture = pixels(hash);
    if (picture !== null) canvas.current?.getContext('2d')?.putImageData(picture, 0, 0);
  }, [hash]);
  return <canvas ref={canvas} className={styles.hint} width={WIDTH} height={HEIGHT} />;
}

function pixels(hash: string): ImageData | null {
  const known = decoded.get(hash);
  if (known !== undefined) return known;
  try {
    const made = new ImageData(new Uint8ClampedArray(decode(hash, WIDTH, HEIGHT)), WIDTH, HEIGHT);
    if (decoded.size >= KEPT) decoded.clear();
    decoded.set(hash, made);
    return made;
  } catch {
    return null;
  }
}
