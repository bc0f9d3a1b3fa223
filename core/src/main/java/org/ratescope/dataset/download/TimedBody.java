package org.ratescope.dataset.download;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an HTTP response as pieces, with a limit on the silence between them. The JDK's input
 * stream has no such limit, and loses bytes when the connection breaks. At most one piece waits in
 * memory.
 */
final class TimedBody implements BodySubscriber<TimedBody>, AutoCloseable {
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

  /** Bytes that came, the end, or the break of the connection. */
  enum Kind {
    BYTES,
    END,
    BREAK
  }

  record Piece(Kind kind, List<ByteBuffer> bytes) {}

  @Override
  public CompletionStage<TimedBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    pieces.add(new Piece(Kind.BYTES, bytes));
  }

  @Override
  public void onError(Throwable error) {
    pieces.add(new Piece(Kind.BREAK, List.of()));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(Kind.END, List.of()));
  }

  /**
   * The next piece.
   *
   * @throws TransferFailure if nothing comes for that long
   */
  Piece next(Duration silence) throws TransferFailure, InterruptedException {
    Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new TransferFailure("sent nothing for " + Timeouts.text(silence));
    }
    if (piece.kind() == Kind.BYTES) {
      subscription.join().request(1);
    }
    return piece;
  }

  /** Ends the transfer. */
  @Override
  public void close() {
    var unused = subscription.thenAccept(Flow.Subscription::cancel);
  }
}
