package org.ratescope.live;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An answer to a client that may be slow or silent: if a write takes too long, its thread is
 * interrupted, which closes the channel. A blocking socket has no time-out for writes.
 */
final class LimitedOutput extends FilterOutputStream {
  private final ScheduledExecutorService clock;
  private final Duration patience;

  LimitedOutput(OutputStream out, ScheduledExecutorService clock, Duration patience) {
    super(out);
    this.clock = clock;
    this.patience = patience;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Limit limit = new Limit();
    try {
      out.write(bytes, offset, length);
    } finally {
      limit.end();
    }
  }

  @Override
  public void flush() throws IOException {
    Limit limit = new Limit();
    try {
      out.flush();
    } finally {
      limit.end();
    }
  }

  /** Interrupts the thread that created it, unless it is stopped in time. */
  private final class Limit {
    private final Thread writer = Thread.currentThread();
    private final ScheduledFuture<?> alarm =
        clock.schedule(this::ring, patience.toMillis(), TimeUnit.MILLISECONDS);
    private boolean ended;

    private synchronized void ring() {
      if (!ended) {
        writer.interrupt();
      }
    }

    private synchronized void end() {
      ended = true;
      alarm.cancel(false);
    }
  }
}
