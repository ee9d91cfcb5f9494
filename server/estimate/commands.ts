import { type Command, Option } from 'commander';
import { formatBytes, parseBytes } from '../../shared/bytes.ts';
import { ConfigFault } from '../config.ts';
import type { Shell } from '../shell.ts';
import { type Estimate, estimate } from './estimate.ts';
import { PRICES, type PriceList, type Prices } from './prices.ts';

interface Flags {
  readonly users: string;
  readonly files: string;
  readonly size: string;
  readonly reads: string;
  readonly kept: string;
  readonly prices: PriceList;
  readonly storedGb?: string;
  readonly puts?: string;
  readonly gets?: string;
  readonly egressGb?: string;
}

/** `estimate`: what storing and serving so much would cost a month. Asks nobody, and needs no data folder. */
export function estimateCommand(program: Command, shell: Shell): void {
  program
    .command('estimate')
    .description('reckon what storage would cost a month; give the prices of your provider')
    .option('--users <number>', 'people', '100')
    .option('--files <number>', 'files of each', '1000')
    .option('--size <size>', 'size of a file', '5MB')
    .option('--reads <number>', 'how often a file is read in a month', '1')
    .option('--kept <percent>', 'what trash and versions add', '20')
    .addOption(new Option('--prices <list>', 'an example to start from').choices(Object.keys(PRICES)).default('volume'))
    .option('--stored-gb <price>', 'a GB stored, a month')
    .option('--puts <price>', 'a thousand writing requests')
    .option('--gets <price>', 'a thousand reading requests')
    .option('--egress-gb <price>', 'a GB of traffic out')
    .action((flags: Flags) => {
      const size = parseBytes(flags.size);
      if (size === undefined) throw new ConfigFault(`"${flags.size}" is not a size. Give --size like 5MB.`);
      const habits = {
        users: numberIn(flags.users, '--users'),
        files: numberIn(flags.files, '--files'),
        size,
        reads: numberIn(flags.reads, '--reads'),
        kept: numberIn(flags.kept, '--kept') / 100,
      };
      const prices = pricesIn(flags);
      const found = estimate(habits, prices);
      if (shell.json()) return shell.print(JSON.stringify({ habits, prices, ...found }));
      for (const line of estimateLines(found, prices)) shell.print(line);
    });
}

function pricesIn({ prices, storedGb, puts, gets, egressGb }: Flags): Prices {
  const list: Prices = PRICES[prices];
  return {
    ...list,
    ...(storedGb !== undefined && { storedGb: numberIn(storedGb, '--stored-gb') }),
    ...(puts !== undefined && { puts: numberIn(puts, '--puts') }),
    ...(gets !== undefined && { gets: numberIn(gets, '--gets') }),
    ...(egressGb !== undefined && { egressGb: numberIn(egressGb, '--egress-gb') }),
  };
}

function estimateLines(found: Estimate, { currency }: Prices): readonly string[] {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const count = new Intl.NumberFormat('en');
  const line = (what: string, amount: string, price: number): string =>
    `${what.padEnd(10)} ${amount.padStart(18)}  ${money.format(price).padStart(14)}`;
  return [
    line('storage', formatBytes(found.storedBytes), found.storage),
    line('reading', `${count.format(found.gets)} requests`, found.requests),
    line('traffic', formatBytes(found.egressBytes), found.egress),
    line('a month', '', found.monthly),
    line('uploading', `${count.format(found.puts)} requests`, found.uploads),
    'Uploading everything is paid once; servers, backups and taxes come on top.',
  ];
}

function numberIn(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new ConfigFault(`"${text}" is not a number from 0 up. Give another after ${flag}.`);
  return value;
}
