package io.turboqueue.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A list in a Redis server of its own, which keeps everything in memory and nothing on disk. A batch is one pipeline of
 * RPUSH, or of LPOP, so a reader that dies loses what it took.
 */
final class RedisSubject implements Subject {

    private static final byte[] LIST = "queue".getBytes(UTF_8);
    private static final long PATIENCE_SECONDS = 10;
    private static final long BETWEEN_TRIES_MILLIS = 20;

    private final Process server;
    private final Jedis client;

    /** Starts the server on a free port of the loopback interface. */
    RedisSubject(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        server = new ProcessBuilder(List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        client = connect(port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Jedis connect(int port) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            Jedis jedis = new Jedis("127.0.0.1", port);
            try {
                jedis.ping();
                return jedis;
            } catch (JedisConnectionException | JedisDataException notYet) { // not listening, or loading
                jedis.close();
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw notYet;
                }
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            }
        }
    }

    @Override
    public void write(Workload workload, byte[][] payloads) {
        for (int batch = 0; batch < workload.backlog(); batch++) {
            try (Pipeline pipeline = client.pipelined()) {
                for (int row = 0; row < workload.rows(); row++) {
                    pipeline.rpush(LIST, payloads[row % payloads.length]);
                }
                pipeline.sync();
            }
        }
    }

    @Override
    public long read(Workload workload) {
        long bytes = 0;
        for (int batch = 0; batch < workload.backlog(); batch++) {
            try (Pipeline pipeline = client.pipelined()) {
                List<Response<byte[]>> taken = new ArrayList<>(workload.rows());
                for (int row = 0; row < workload.rows(); row++) {
                    taken.add(pipeline.lpop(LIST));
                }
                pipeline.sync();
                for (Response<byte[]> message : taken) {
                    bytes += message.get().length;
                }
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
