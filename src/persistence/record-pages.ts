import type { DataSource, SelectQueryBuilder, ValueTransformer } from 'typeorm';
import { PeerRecordEntity } from './peer-record.entity.js';
import type { PeerRecord } from './peer-record.js';

/** Rows a page: few enough that the first come at once, and that no page blocks the event loop for long. */
const ROWS_A_PAGE = 100;

type Query = SelectQueryBuilder<PeerRecord>;

interface Column {
  readonly property: keyof PeerRecord;
  readonly transformer: ValueTransformer | undefined;
}

/**
 * Reads the rows of a network page by page: those with a success, the newest first, and then those without. Either part goes
 * along the index of the table, so that the last page costs no more than the first.
 *
 * They are read as plain rows, for entities take TypeORM ten times as long; the columns' transformers are applied here.
 *
 * @internal
 */
export class RecordPages {
  readonly #columns: readonly Column[];
  #last: PeerRecord | undefined;
  #part: 'succeeded' | 'others' | 'end' = 'succeeded';

  /** @param dataSource with the entities of ours, which need not be initialized yet */
  constructor(
    private readonly dataSource: DataSource,
    private readonly network: string,
  ) {
    this.#columns = Object.entries(PeerRecordEntity.options.columns).map(([property, column]) => {
      const [transformer] = [column?.transformer ?? []].flat();
      return { property: property as keyof PeerRecord, transformer };
    });
  }

  /** The page after the one before; undefined after the last. When it has thrown, it can be asked for again. */
  async next(): Promise<readonly PeerRecord[] | undefined> {
    if (this.#part === 'end') return undefined;
    const rows = await this.#query().limit(ROWS_A_PAGE).getRawMany<Record<keyof PeerRecord, unknown>>();
    const page = rows.map((row) => this.#recordOf(row));
    this.#last = page.at(-1);
    if (page.length < ROWS_A_PAGE) this.#nextPart();
    return page;
  }

  #recordOf(row: Readonly<Record<keyof PeerRecord, unknown>>): PeerRecord {
    const record: Partial<Record<keyof PeerRecord, unknown>> = {};
    for (const { property, transformer } of this.#columns) {
      record[property] = transformer === undefined ? row[property] : transformer.from(row[property]);
    }
    return record as PeerRecord;
  }

  #nextPart(): void {
    this.#last = undefined;
    this.#part = this.#part === 'succeeded' ? 'others' : 'end';
  }

  #query(): Query {
    const query = this.dataSource.getRepository(PeerRecordEntity).createQueryBuilder('record').select([]);
    for (const { property } of this.#columns) query.addSelect(`record.${property}`, property);
    query.where('record.network = :network', { network: this.network });
    return this.#part === 'succeeded' ? this.#succeeded(query) : this.#others(query);
  }

  #succeeded(query: Query): Query {
    query.andWhere('record.lastSuccessAtMs IS NOT NULL');
    if (this.#last !== undefined) {
      const { lastSuccessAtMs, host, port } = this.#last;
      const place = '(record.lastSuccessAtMs, record.host, record.port) < (:lastSuccessAtMs, :host, :port)';
      query.andWhere(place, { lastSuccessAtMs, host, port });
    }
    return query
      .orderBy('record.lastSuccessAtMs', 'DESC')
      .addOrderBy('record.host', 'DESC')
      .addOrderBy('record.port', 'DESC');
  }

  #others(query: Query): Query {
    query.andWhere('record.lastSuccessAtMs IS NULL');
    if (this.#last !== undefined) {
      const { host, port } = this.#last;
      query.andWhere('(record.host, record.port) > (:host, :port)', { host, port });
    }
    return query.orderBy('record.host', 'ASC').addOrderBy('record.port', 'ASC');
  }
}
