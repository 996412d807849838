/** What Nest itself takes to call a handler: the least that a dispatcher built on it can take. */
import { UseInterceptors } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';

class EmptyInterceptor {
  intercept(_context, next) {
    return next.handle();
  }
}

/**
 * One call through `ExternalContextCreator` with one interceptor that does nothing, made with the options that our
 * dispatcher gives, filters off.
 *
 * @param {(...args: unknown[]) => unknown} handle
 */
export function bareCall(application, handle) {
  class Handler {
    handle(...args) {
      return handle(...args);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Handler.prototype, 'handle');
  UseInterceptors(new EmptyInterceptor())(Handler.prototype, 'handle', descriptor);
  return application
    .get(ExternalContextCreator, { strict: false })
    .create(
      new Handler(),
      descriptor.value,
      'handle',
      '__routeArguments__',
      { exchangeKeyForValue: () => undefined },
      undefined,
      undefined,
      { guards: true, interceptors: true, filters: false },
      'peer',
    );
}
