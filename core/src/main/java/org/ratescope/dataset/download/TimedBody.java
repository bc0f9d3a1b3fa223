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
 * The body of an HTTP answer, taken piece by piece with a limit on how long the server may be
 * silent, which the client itself does not have. One piece is asked for at a time, so little is in
 * memory.
 */
final class TimedBody implements BodySubscriber<TimedBody>, AutoCloseable {
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

  /** Bytes; none at the end, and whether that came too early. */
  private record Piece(List<ByteBuffer> bytes, boolean broken) {}

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
    if (bytes.isEmpty()) {
      subscription.join().request(1); // an empty piece would mean the end
    } else {
      pieces.add(new Piece(bytes, false));
    }
  }

  @Override
  public void onError(Throwable error) {
    pieces.add(new Piece(List.of(), true));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece(List.of(), false));
  }

  /**
   * The next bytes; an empty list at the end.
   *
   * @throws TransferFailure if the connection broke, or nothing came for that long
   */
  List<ByteBuffer> next(Duration silence) throws TransferFailure, InterruptedException {
    Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw TransferFailure.of("sent nothing for " + Timeouts.text(silence));
    }
    if (piece.broken()) {
      throw TransferFailure.cutOff("cut off");
    }
    if (!piece.bytes().isEmpty()) {
      subscription.join().request(1);
    }
    return piece.bytes();
  }

  /** Ends the transfer, wherever it is. */
  @Override
  public void close() {
    var unused = subscription.thenAccept(Flow.Subscription::cancel);
  }
}
