import { Menu } from '@base-ui/react/menu';
import { Slider } from '@base-ui/react/slider';
import { ArrowDown, ArrowUp, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LibraryQuery, Place } from '../../shared/desktop/library.ts';
import menu from '../ui/Menu.module.css';
import styles from './LooksControls.module.css';
import { changeLooks, changeSort, sortOf, TILE, useLooks } from './looks.ts';

type SortKey = LibraryQuery['sort'];

const SORTS: readonly { readonly key: SortKey; readonly label: string; readonly descending: boolean }[] = [
  { key: 'added', label: 'Date added', descending: true },
  { key: 'modified', label: 'Date modified', descending: true },
  { key: 'name', label: 'Name', descending: false },
  { key: 'size', label: 'Size', descending: true },
  { key: 'type', label: 'Type', descending: false },
];

/** How the list is sorted, and how large its tiles are. */
export function LooksControls({ place }: { readonly place: Place }): ReactNode {
  const mode = useLooks((looks) => looks.mode);
  return (
    <div className={styles.controls}>
      {mode === 'grid' && <SizeSlider />}
      <SortMenu place={place} />
    </div>
  );
}

function SizeSlider(): ReactNode {
  const tile = useLooks((looks) => looks.tile);
  return (
    <Slider.Root
      className={styles.slider}
      min={TILE.min}
      max={TILE.max}
      step={8}
      largeStep={40}
      value={tile}
      onValueChange={(value) => changeLooks({ tile: value })}
    >
      <Slider.Control className={styles.control}>
        <Slider.Track className={styles.track}>
          <Slider.Indicator className={styles.indicator} />
          <Slider.Thumb className={styles.thumb} getAriaLabel={() => 'Size of the pictures'} />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}

function SortMenu({ place }: { readonly place: Place }): ReactNode {
  const looks = useLooks();
  const { sort, descending } = sortOf(looks, place);
  const Arrow = descending ? ArrowDown : ArrowUp;
  const label = SORTS.find(({ key }) => key === sort)?.label ?? '';
  const choose = (key: SortKey, way: boolean): void => changeSort(place, { sort: key, descending: way });
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.sort} aria-label={`Sort: ${label}`}>
        <span>{label}</span>
        <Arrow size={13} strokeWidth={1.8} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={menu.over} align="end" sideOffset={4}>
          <Menu.Popup className={menu.popup}>
            {SORTS.map(({ key, label: name, descending: way }) => (
              <Menu.Item key={key} className={menu.item} onClick={() => choose(key, key === sort ? !descending : way)}>
                <span>{name}</span>
                {key === sort && <Check size={14} strokeWidth={2} aria-label="chosen" />}
              </Menu.Item>
            ))}
            <Menu.Separator className={menu.line} />
            <Menu.Item className={menu.item} onClick={() => choose(sort, !descending)}>
              <span>Turn around</span>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
