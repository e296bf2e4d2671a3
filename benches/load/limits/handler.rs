//! A bare actix-web handler that answers the bytes of a file: the most that any page of that size could reach here.

use actix_web::{App, HttpResponse, HttpServer, web};

use crate::driver::Result;

/// Serves the body at `/` on a free port with as many workers as the portal has by default, says `ready: ADDRESS`, and stays
/// until it is killed.
pub fn serve(body: Vec<u8>) -> Result<()> {
    let body = web::Bytes::from(body);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let body = body.clone();
            let answer = move || {
                let body = body.clone();
                async move { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(body) }
            };
            App::new().route("/", web::get().to(answer))
        });
        let server = server.bind(("127.0.0.1", 0))?;
        let address = *server.addrs().first().ok_or("the server has no address")?;
        println!("ready: {address}");
        Ok(server.run().await?)
    })
}
