import { expect, it } from '@jest/globals';
import { UseGuards } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/internal';
import { NEST_METADATA } from '../../../src/peer/dispatch/nest-metadata.js';

it('the names of metadata are those of Nest', () => {
  expect(UseGuards).toBeDefined(); // the internals want the package loaded first
  expect(NEST_METADATA).toEqual({
    guards: GUARDS_METADATA,
    interceptors: INTERCEPTORS_METADATA,
    pipes: PIPES_METADATA,
    filters: EXCEPTION_FILTERS_METADATA,
    parameters: ROUTE_ARGS_METADATA,
  });
});
